//! One request on a connection of its own, to an address that was checked.
use super::address::Target;
use super::{Ask, Failure, Reading, Reply};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{ACCEPT_ENCODING, CONTENT_ENCODING, HOST, HeaderName, HeaderValue, RETRY_AFTER, USER_AGENT};
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

const CONNECT: Duration = Duration::from_secs(3);
const LONGEST_HEAD: usize = 64 << 10;

/// Tries the addresses in turn; whoever is connected to is who is asked.
pub async fn exchange(
    ask: &Ask<'_>,
    target: &Target,
    addresses: &[IpAddr],
    tls: &Arc<ClientConfig>,
) -> Result<Reply, Failure> {
    let stream = connect(addresses, target.port).await?;
    match target.is_secure {
        true => converse(ask, target, secured(target, stream, tls).await?).await,
        false => converse(ask, target, stream).await,
    }
}

/// The same without reading the answer: whoever takes its body keeps the connection.
pub async fn begin<B>(
    request: Request<B>,
    target: &Target,
    addresses: &[IpAddr],
    tls: &Arc<ClientConfig>,
) -> Result<Response<Incoming>, Failure>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let stream = connect(addresses, target.port).await?;
    match target.is_secure {
        true => spoken(request, secured(target, stream, tls).await?).await,
        false => spoken(request, stream).await,
    }
}

async fn spoken<B>(
    request: Request<B>,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> Result<Response<Incoming>, Failure>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let broken = |e: hyper::Error| Failure::Broken(e.to_string());
    let mut builder = http1::Builder::new();
    builder.max_buf_size(LONGEST_HEAD);
    let (mut sender, connection) = builder.handshake(TokioIo::new(stream)).await.map_err(broken)?;
    // it ends with the answer, or with whoever leaves off reading it
    tokio::spawn(connection);
    sender.send_request(request).await.map_err(broken)
}

async fn secured(target: &Target, stream: TcpStream, tls: &Arc<ClientConfig>) -> Result<TlsStream<TcpStream>, Failure> {
    let name = match target.literal() {
        Some(address) => ServerName::IpAddress(address.into()),
        None => {
            let host = target.url.host_str().unwrap_or_default().trim_end_matches('.').to_owned();
            ServerName::try_from(host).map_err(|e| Failure::Refused(e.to_string()))?
        }
    };
    let connector = TlsConnector::from(Arc::clone(tls));
    connector.connect(name, stream).await.map_err(|e| Failure::Broken(format!("TLS: {e}")))
}

async fn connect(addresses: &[IpAddr], port: u16) -> Result<TcpStream, Failure> {
    let mut last = Failure::Unreachable("the name has no address".into());
    for address in addresses {
        let place = SocketAddr::new(*address, port);
        match tokio::time::timeout(CONNECT, TcpStream::connect(place)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => last = Failure::Unreachable(format!("{place}: {error}")),
            Err(_) => last = Failure::Slow,
        }
    }
    Err(last)
}

/// Ends the connection with whoever waits for its answer.
struct Driver(JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn converse(
    ask: &Ask<'_>,
    target: &Target,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> Result<Reply, Failure> {
    let broken = |e: hyper::Error| Failure::Broken(e.to_string());
    let mut builder = http1::Builder::new();
    builder.max_buf_size(LONGEST_HEAD);
    let (mut sender, connection) = builder.handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let _driver = Driver(tokio::spawn(async move {
        let _ = connection.await;
    }));
    let answer = sender.send_request(request(ask, target)?).await.map_err(broken)?;
    read(answer, ask.largest, ask.reading).await
}

fn request(ask: &Ask<'_>, target: &Target) -> Result<Request<Full<Bytes>>, Failure> {
    let broken = |e: &dyn std::fmt::Display| Failure::Broken(e.to_string());
    let place = &target.url[url::Position::BeforePath..url::Position::AfterQuery];
    let uri: Uri = place.parse().map_err(|e| broken(&e))?;
    let authority = &target.url[url::Position::BeforeHost..url::Position::AfterPort];
    let body = ask.body.map(<[u8]>::to_vec).unwrap_or_default();
    let mut request = Request::builder().method(ask.method).uri(uri).body(Full::from(body)).map_err(|e| broken(&e))?;
    let headers = request.headers_mut();
    headers.insert(HOST, HeaderValue::from_str(authority).map_err(|e| broken(&e))?);
    headers.insert(USER_AGENT, HeaderValue::from_static("Guanxi"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    for (name, value) in &ask.headers {
        let mut value = HeaderValue::from_str(value).map_err(|e| broken(&e))?;
        value.set_sensitive(true);
        headers.insert(HeaderName::from_static(name), value);
    }
    Ok(request)
}

/// What is packed is not unpacked, for a small answer may be large inside. The whole answer or nothing, unless a glance
/// at it will do.
async fn read(answer: Response<Incoming>, largest: usize, reading: Reading) -> Result<Reply, Failure> {
    let status = answer.status().as_u16();
    let retry_after = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut reply = Reply { status, body: Vec::new(), retry_after };
    if answer.headers().get(CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return match reading {
            Reading::Whole => Err(Failure::Broken("the answer is packed, which nobody asked for".into())),
            Reading::Glance => Ok(reply),
        };
    }
    let mut body = answer.into_body();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|e| Failure::Broken(e.to_string()))?;
        let Some(data) = frame.data_ref() else { continue };
        let room = largest - reply.body.len();
        if data.len() > room {
            if reading == Reading::Whole {
                return Err(Failure::TooLarge);
            }
            reply.body.extend_from_slice(data.get(..room).unwrap_or_default());
            break;
        }
        reply.body.extend_from_slice(data);
    }
    Ok(reply)
}
