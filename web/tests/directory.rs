//! Login through the directory of the municipality, against a small one on loopback that plays the provider.

use crate::world::{Seat, World, at};
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use salastampa_acts::oidc::{Provider, base64url};
use salastampa_domain::{Address, Role, User};
use salastampa_web::Directory;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

const NOW: &str = "2026-11-25 06:45";
const ISSUER: &str = "http://idp.test";

/// What the provider knows and was asked.
struct Idp {
    key: EcdsaKeyPair,
    /// Who logs in there, and the nonce and challenge of the login that runs.
    says: Mutex<(Value, String)>,
    asked: Mutex<BTreeMap<String, String>>,
}

async fn describe() -> Json<Value> {
    Json(json!({
        "issuer": ISSUER,
        "authorization_endpoint": "http://idp.test/login?tenant=1",
        "token_endpoint": "http://idp.test/token",
        "jwks_uri": "http://idp.test/keys",
    }))
}

async fn keys(State(idp): State<Arc<Idp>>) -> Json<Value> {
    let point = idp.key.public_key().as_ref();
    let (x, y) = (base64url(&point[1..33]), base64url(&point[33..]));
    Json(json!({ "keys": [{ "kty": "EC", "crv": "P-256", "kid": "k", "x": x, "y": y }] }))
}

async fn token(State(idp): State<Arc<Idp>>, Form(form): Form<BTreeMap<String, String>>) -> (StatusCode, Json<Value>) {
    let (claims, challenge) = idp.says.lock().expect("nobody panicked").clone();
    let proved = form.get("code_verifier").map(|verifier| base64url(&Sha256::digest(verifier.as_bytes())));
    let known = form.get("code").map(String::as_str) == Some("il-codice") && proved == Some(challenge);
    *idp.asked.lock().expect("nobody panicked") = form;
    if !known {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" })));
    }
    let header = base64url(json!({ "alg": "ES256", "kid": "k" }).to_string().as_bytes());
    let signed = format!("{header}.{}", base64url(claims.to_string().as_bytes()));
    let signature = idp.key.sign(&SystemRandom::new(), signed.as_bytes()).expect("a signature");
    (StatusCode::OK, Json(json!({ "id_token": format!("{signed}.{}", base64url(signature.as_ref())) })))
}

async fn office() -> (World, Arc<Idp>) {
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).expect("a key");
    let idp = Arc::new(Idp { key, says: Mutex::default(), asked: Mutex::default() });
    let routes = Router::new()
        .route("/.well-known/openid-configuration", get(describe))
        .route("/keys", get(keys))
        .route("/token", post(token))
        .with_state(idp.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let hosts = BTreeMap::from([("idp.test".to_owned(), listener.local_addr().expect("an address"))]);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let client =
        salastampa_http::Client::new(salastampa_http::Config::loopback("SalaStampa/0", hosts)).expect("a client");
    let provider = Provider {
        issuer: ISSUER.into(),
        client_id: "sala-stampa".into(),
        client_secret: "il segreto".into(),
        scopes: "openid email".into(),
        claim: "email".into(),
        domain: "bellariva.test".into(),
        label: "Entra con il Comune".into(),
    };
    let world = World::new(NOW).await.with_directory(Directory { provider, client });
    let store = &world.site().store;
    world.enter("lia", Role::Editor).await;
    let mut write = store.write().await.expect("a transaction");
    let lia = write.find_user("lia").await.expect("an answer").expect("a user");
    write.record_user(&User { address: Address::parse("lia@bellariva.test").ok(), ..lia }).await.expect("a user");
    write.commit().await.expect("a commit");
    (world, idp)
}

/// Goes to the provider; gives the cookie that waits, and what the provider was asked.
async fn away(world: &World) -> (String, BTreeMap<String, String>) {
    let answer = world.get("/desk/oidc?dopo=/desk/temi").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let to = url::Url::parse(answer.header("location").expect("a way")).expect("an address");
    assert!(to.as_str().starts_with("http://idp.test/login?tenant=1&response_type=code"), "{to}");
    let cookie = answer.header("set-cookie").expect("a cookie");
    assert!(cookie.contains("Path=/desk/oidc") && cookie.contains("HttpOnly") && cookie.contains("Secure"), "{cookie}");
    let asked = to.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    (cookie.split(';').next().unwrap_or_default().to_owned(), asked)
}

/// Lets somebody log in at the provider.
fn logs_in(idp: &Idp, asked: &BTreeMap<String, String>, email: &str) {
    let now = at(NOW).0 / 1000;
    let claims = json!({
        "iss": ISSUER, "aud": "sala-stampa", "sub": "7", "iat": now, "exp": now + 300, "nonce": asked["nonce"],
        "email": email, "email_verified": true,
    });
    *idp.says.lock().expect("nobody panicked") = (claims, asked["code_challenge"].clone());
}

#[tokio::test]
async fn who_is_a_user_here_enters_through_the_directory() {
    let (world, idp) = office().await;
    assert!(world.get("/desk/entra").await.body.contains("Entra con il Comune"));
    let (cookie, asked) = away(&world).await;
    assert_eq!(asked["redirect_uri"], "https://stampa.bellariva.test/desk/oidc/ritorno");
    assert_eq!(asked["code_challenge_method"], "S256");
    logs_in(&idp, &asked, "Lia@Bellariva.test");
    let seat = Seat { cookie, csrf: String::new() };
    let back = format!("/desk/oidc/ritorno?code=il-codice&state={}", asked["state"]);
    let answer = world.see(&seat, &back).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, Some("/desk/temi")));
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().filter_map(|c| c.to_str().ok()).collect();
    let session = cookies.iter().find(|cookie| cookie.starts_with("salastampa=")).expect("a session");
    let seat = Seat { cookie: session.split(';').next().unwrap_or_default().to_owned(), csrf: String::new() };
    assert_eq!(world.see(&seat, "/desk/oggi").await.status, StatusCode::OK);
    let sent = idp.asked.lock().expect("nobody panicked").clone();
    assert_eq!((sent["client_id"].as_str(), sent["grant_type"].as_str()), ("sala-stampa", "authorization_code"));
}

#[tokio::test]
async fn nobody_enters_by_another_login_another_browser_or_as_a_stranger() {
    let (world, idp) = office().await;
    let refused = async |cookie: &str, back: &str| {
        let answer = world.see(&Seat { cookie: cookie.to_owned(), csrf: String::new() }, back).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{back}");
        assert!(
            !answer.headers.get_all("set-cookie").iter().any(|c| c.as_bytes().starts_with(b"salastampa=")),
            "{back}"
        );
        assert!(!answer.body.contains("altri@bellariva.test"));
    };
    let (cookie, asked) = away(&world).await;
    let (other_cookie, other) = away(&world).await;
    logs_in(&idp, &asked, "lia@bellariva.test");
    let back = |state: &str| format!("/desk/oidc/ritorno?code=il-codice&state={state}");
    refused("", &back(&asked["state"])).await;
    refused(&other_cookie, &back(&asked["state"])).await;
    refused(&cookie, &back("indovinato")).await;
    refused(&cookie, "/desk/oidc/ritorno").await;
    // a code of another login does not fit this verifier, nor its token this nonce
    refused(&other_cookie, &back(&other["state"])).await;
    refused(&cookie, &format!("/desk/oidc/ritorno?code=altro&state={}", asked["state"])).await;
    for stranger in ["altri@bellariva.test", "lia@altrove.test", ""] {
        logs_in(&idp, &asked, stranger);
        refused(&cookie, &back(&asked["state"])).await;
    }
    let users = world.site().store.read().await.expect("rows").list_users().await.expect("users");
    assert_eq!(users.len(), 2, "nobody was made");
    world.set("2026-11-25 07:00");
    logs_in(&idp, &asked, "lia@bellariva.test");
    refused(&cookie, &back(&asked["state"])).await;
}

#[tokio::test]
async fn without_a_directory_there_is_no_way_to_one() {
    let world = World::new(NOW).await;
    assert_eq!(world.get("/desk/oidc").await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get("/desk/oidc/ritorno?code=a&state=b").await.status, StatusCode::NOT_FOUND);
    assert!(!world.get("/desk/entra").await.body.contains("/desk/oidc"));
}
