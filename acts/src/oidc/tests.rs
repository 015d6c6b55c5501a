//! Login through a directory: what its word must be to be taken.

use super::*;
use crate::desk::small::store;
use crate::user;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use salastampa_domain::{Address, Role};
use serde_json::json;

const NOW: Timestamp = Timestamp(1_800_000_000_000);
// a key of 2048 bits made for this test, and a token that openssl signed with it
const RSA_N: &str = "zVWd__kIGUrZTgyWBg1x3TRROmGQ53EOrOhLghi6mCwh8-2szZ5idJpBqQMZWcXI_UdTPiDY5BpLokvMHA6SmYSmBGjv9-lv8N8vo0lGxi8x5EvaByvprLqebMa4sQiuiZ7Uv_cQhb9yHuefbkcDisr0xnmcYt2o8EC_wKiwJh9g-zWjDM0xKLrsZFjMM6BlKnLaQQHJgtL4fmmncZX0TCFTBud38ID18sBH8F-SnGiiSQ5TwcvyC4qcT0l6tqnqNNsxj0cSiiBv3VRR36tq3PG5YwwTNpioa39OlH4BRXUJJ74tG5Wwk5r3z-fEEQtWLUf_5BpPaHJ7v84j7rGJ5Q";
const RSA_TOKEN: &str = "eyJhbGciOiAiUlMyNTYiLCAia2lkIjogInJzYSJ9.eyJpc3MiOiAiaHR0cHM6Ly9pZHAudGVzdCIsICJhdWQiOiAic2FsYS1zdGFtcGEiLCAic3ViIjogIjciLCAiZXhwIjogMTgwMDAwMDYwMCwgImlhdCI6IDE4MDAwMDAwMDAsICJub25jZSI6ICJOT05DRSIsICJlbWFpbCI6ICJMaWFAYmVsbGFyaXZhLnRlc3QiLCAiZW1haWxfdmVyaWZpZWQiOiB0cnVlfQ.B8FltM0MZTHLDchzfGNzuHT9_HC3bvFWTCu4b7JfZqzai4zd3H4mdGvbWSLz96TZ_JWHetggZcu6EnFa4tuTUQ57rT99ocHDqKQtxmPSftBVH4TEnWMTBaqmnNzLJ6JGYZT7123Qtt3C0vg0KSGzs_EAKmHbxOv1ZpiDfO1bcx6xiBurif4rEeBHElw5s-N6jeUyi_SE7ykS95JUVK9mGQjvIWYI-dLTgkF5crmlQMHluQoOvEIR-Aoha9muE3BG_2gC9lQA11q4AyjkUtB9x7d1-fiy5QNUmXPSpptmU0u4mkIJ6qSTLjwfGEGJOZk307r310fIt_Y93M4TkLzzOg";

fn provider() -> Provider {
    Provider {
        issuer: "https://idp.test".into(),
        client_id: "sala-stampa".into(),
        client_secret: "un segreto".into(),
        scopes: "openid email".into(),
        claim: "email".into(),
        domain: "bellariva.test".into(),
        label: "Entra".into(),
    }
}

fn waiting() -> Waiting {
    Waiting { state: "S".into(), nonce: "NONCE".into(), verifier: "V".into(), after: "/desk/oggi".into(), at: NOW }
}

/// A signer with its public key as a set.
fn signer() -> (EcdsaKeyPair, Vec<u8>) {
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).expect("a key");
    let point = pair.public_key().as_ref();
    let key = json!({ "kty": "EC", "crv": "P-256", "kid": "ec", "use": "sig", "x": base64url(&point[1..33]), "y": base64url(&point[33..]) });
    let keys = json!({ "keys": [key] }).to_string().into_bytes();
    (pair, keys)
}

fn sign(pair: &EcdsaKeyPair, header: &Value, claims: &Value) -> String {
    let signed = format!("{}.{}", base64url(header.to_string().as_bytes()), base64url(claims.to_string().as_bytes()));
    let signature = pair.sign(&SystemRandom::new(), signed.as_bytes()).expect("a signature");
    format!("{signed}.{}", base64url(signature.as_ref()))
}

fn claims() -> Value {
    json!({
        "iss": "https://idp.test", "aud": "sala-stampa", "exp": 1_800_000_600, "iat": 1_800_000_000,
        "nonce": "NONCE", "email": "Lia@Bellariva.test", "email_verified": true,
    })
}

#[test]
fn a_token_signed_with_rsa_is_read_and_a_changed_one_is_not() {
    let keys = json!({ "keys": [{ "kty": "RSA", "kid": "rsa", "n": RSA_N, "e": "AQAB" }] }).to_string();
    let read = |token: &str| name_in(&provider(), &waiting(), token, keys.as_bytes(), NOW);
    assert_eq!(read(RSA_TOKEN).as_deref(), Ok("lia@bellariva.test"));
    let (head, rest) = RSA_TOKEN.split_once('.').expect("a token");
    let (_, signature) = rest.split_once('.').expect("a token");
    let forged = base64url(claims().to_string().replace("Lia", "Ugo").as_bytes());
    assert_eq!(read(&format!("{head}.{forged}.{signature}")), Err(Doubt::Signature));
    for junk in ["", "a.b", "a.b.c", "a.b.c.d", "..", &RSA_TOKEN[..RSA_TOKEN.len() - 4]] {
        assert_eq!(read(junk), Err(Doubt::Signature), "{junk}");
    }
}

#[test]
fn only_a_token_for_this_very_login_is_taken() {
    let (pair, keys) = signer();
    let head = json!({ "alg": "ES256", "kid": "ec" });
    let read = |claims: &Value, now| name_in(&provider(), &waiting(), &sign(&pair, &head, claims), &keys, now);
    assert_eq!(read(&claims(), NOW).as_deref(), Ok("lia@bellariva.test"));
    for (claim, value, doubt) in [
        ("iss", json!("https://altrove.test"), "iss"),
        ("aud", json!("un altro"), "aud"),
        ("aud", json!(["sala-stampa", "un altro"]), "aud"),
        ("nonce", json!("di un altro accesso"), "nonce"),
        ("exp", json!(1_799_999_000), "exp"),
        ("iat", json!(1_800_009_000), "exp"),
        ("email_verified", json!(false), "name"),
        ("email", json!(""), "name"),
        ("email", json!("lia@altrove.test"), "domain"),
    ] {
        let mut wrong = claims();
        wrong[claim] = value;
        assert_eq!(read(&wrong, NOW), Err(Doubt::Claims(doubt)), "{claim}");
    }
    let mut several = claims();
    several["aud"] = json!(["sala-stampa", "un altro"]);
    several["azp"] = json!("sala-stampa");
    assert!(read(&several, NOW).is_ok());
    // tokens that prove nothing
    let unsigned = sign(&pair, &json!({ "alg": "none" }), &claims());
    assert_eq!(name_in(&provider(), &waiting(), &unsigned, &keys, NOW), Err(Doubt::Signature));
    let (other, _) = signer();
    assert_eq!(name_in(&provider(), &waiting(), &sign(&other, &head, &claims()), &keys, NOW), Err(Doubt::Signature));
    let symmetric = sign(&pair, &json!({ "alg": "HS256", "kid": "ec" }), &claims());
    assert_eq!(name_in(&provider(), &waiting(), &symmetric, &keys, NOW), Err(Doubt::Signature));
}

#[test]
fn what_waits_in_the_browser_belongs_to_one_login() {
    let house = House::sample();
    let (begun, query) =
        begin(&provider(), "https://stampa.bellariva.test/desk/oidc/ritorno", "/desk/temi", NOW).expect("begun");
    let of = |name: &str| query.iter().find(|(n, _)| *n == name).map(|(_, value)| value.clone()).expect("a question");
    assert_eq!(of("code_challenge"), base64url(&Sha256::digest(begun.verifier.as_bytes())));
    let sealed = seal_waiting(&house, &begun).expect("sealed");
    assert!(waited(&house, &sealed, &of("state"), NOW) == Ok(begun));
    assert!(waited(&house, &sealed, "another", NOW).is_err());
    assert!(waited(&house, &sealed, &of("state"), NOW.plus(PATIENCE + 1)).is_err());
    assert!(waited(&house, "", &of("state"), NOW).is_err());
    assert_eq!(discovered(&provider(), br#"{"issuer":"https://altrove.test"}"#), Err(Doubt::Issuer));
}

#[test]
fn base_64_of_addresses() {
    for (bytes, text) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
        assert_eq!(base64url(bytes.as_bytes()), text);
        assert_eq!(from_base64url(text).as_deref(), Some(bytes.as_bytes()));
    }
    assert_eq!(from_base64url("a+b/"), None);
}

#[tokio::test]
async fn a_directory_opens_to_who_is_here_already_and_makes_nobody() {
    let (_folder, store) = store(NOW).await;
    let lia =
        User { address: Address::parse("lia@bellariva.test").ok(), ..user::blank("lia", "Lia Neri", Role::Editor) };
    let mut write = store.write().await.expect("a transaction");
    write.record_user(&lia).await.expect("a user");
    write
        .record_user(&User { disabled_at: Some(NOW), ..user::blank("ugo", "Ugo", Role::Admin) })
        .await
        .expect("a user");
    write.commit().await.expect("a commit");
    assert_eq!(enter(&store, &provider(), "lia@bellariva.test", NOW).await.expect("known").login, "lia");
    assert!(enter(&store, &provider(), "altri@bellariva.test", NOW).await.is_err());
    let by_login = Provider { claim: "preferred_username".into(), ..provider() };
    assert_eq!(enter(&store, &by_login, "lia", NOW).await.expect("known").login, "lia");
    assert!(enter(&store, &by_login, "ugo", NOW).await.is_err(), "closed out");
    assert_eq!(store.read().await.expect("rows").list_users().await.expect("users").len(), 2);
}
