//! Encryption: STARTTLS by lettre, TLS from the first byte (RFC 8314) by our own hand, since lettre does that only on
//! sockets that it opens itself. Both trust the system's certificates and those of the settings, and check them always.

use super::SmtpConfig;
use super::stream::Socket;
use crate::{Fault, FaultKind, Phase};
use lettre::transport::smtp::client::{AsyncTokioStream, Certificate, TlsParameters};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

fn unable(why: impl fmt::Display) -> Fault {
    Fault::new(Phase::Tls, FaultKind::Unable(why.to_string()))
}

/// What lettre needs for STARTTLS.
pub(super) fn starttls(config: &SmtpConfig) -> Result<TlsParameters, Fault> {
    let mut builder = TlsParameters::builder(config.host.clone());
    if !config.roots.is_empty() {
        builder = builder.add_root_certificate(Certificate::from_pem(&config.roots).map_err(unable)?);
    }
    builder.build().map_err(unable)
}

/// Encrypts from the first byte.
pub(super) async fn implicit(config: &SmtpConfig, tcp: Socket) -> Result<Encrypted, Fault> {
    let mut roots = rustls::RootCertStore::empty();
    // what the system keeps and rustls cannot read is left aside, as lettre does
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for certificate in CertificateDer::pem_slice_iter(&config.roots) {
        roots.add(certificate.map_err(unable)?).map_err(unable)?;
    }
    // the provider is named, so that it does not matter whether the program has installed one
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unable)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(config.host.clone()).map_err(unable)?;
    TlsConnector::from(Arc::new(client)).connect(name, tcp).await.map(Encrypted).map_err(unable)
}

/// An encrypted socket in the shape that lettre takes.
#[derive(Debug)]
pub(super) struct Encrypted(TlsStream<Socket>);

impl AsyncRead for Encrypted {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Encrypted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

impl AsyncTokioStream for Encrypted {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.get_ref().0.peer_addr()
    }
}
