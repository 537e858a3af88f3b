//! The way to the object store. Where it stands is the operator's word and nobody else's, so it may stand inside; nothing
//! but that server is spoken to by it.
use super::address::Target;
use super::{Failure, Outbound, wire};
use async_trait::async_trait;
use http_body_util::BodyExt;
use hyper::header::{HOST, HeaderValue};
use hyper::{Request, Response, Uri};
use kernel::{Error, Result};
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody, HttpService,
};
use std::time::Duration;

/// Until an answer begins; what it holds may take as long as whoever reads it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Speaks to one server.
#[derive(Clone)]
pub struct Objects {
    outbound: Outbound,
    server: (String, u16),
}

impl std::fmt::Debug for Objects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Objects({:?})", self.server)
    }
}

impl Objects {
    /// Fails where that is no address.
    pub fn of(outbound: &Outbound, endpoint: &str) -> Result<Self> {
        let target = Target::of(endpoint).map_err(|e| Error::internal(format!("GUANXI_FILES_URL: {e}")))?;
        Ok(Self { outbound: outbound.clone(), server: server(&target) })
    }

    async fn exchange(&self, request: HttpRequest) -> std::result::Result<HttpResponse, Failure> {
        let broken = |e: &dyn std::fmt::Display| Failure::Broken(e.to_string());
        let target = Target::of(&request.uri().to_string())?;
        if server(&target) != self.server {
            return Err(Failure::Refused("it is another server".into()));
        }
        let addresses = match target.literal() {
            Some(address) => vec![address],
            None => self.outbound.names.addresses(target.url.host_str().unwrap_or_default()).await?,
        };
        let (mut parts, body) = request.into_parts();
        let place = &target.url[url::Position::BeforePath..url::Position::AfterQuery];
        let authority = &target.url[url::Position::BeforeHost..url::Position::AfterPort];
        parts.uri = place.parse::<Uri>().map_err(|e| broken(&e))?;
        parts.headers.insert(HOST, HeaderValue::from_str(authority).map_err(|e| broken(&e))?);
        let answer = wire::begin(Request::from_parts(parts, body), &target, &addresses, &self.outbound.tls).await?;
        let (parts, body) = answer.into_parts();
        let body = body.map_err(|e| HttpError::new(HttpErrorKind::Interrupted, e));
        Ok(Response::from_parts(parts, HttpResponseBody::new(body)))
    }
}

fn server(target: &Target) -> (String, u16) {
    (target.host.to_string(), target.port)
}

impl HttpConnector for Objects {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[async_trait]
impl HttpService for Objects {
    async fn call(&self, request: HttpRequest) -> std::result::Result<HttpResponse, HttpError> {
        let answer = tokio::time::timeout(PATIENCE, self.exchange(request)).await.unwrap_or(Err(Failure::Slow));
        answer.map_err(|failure| {
            let kind = match failure {
                Failure::Unreachable(_) => HttpErrorKind::Connect,
                Failure::Slow => HttpErrorKind::Timeout,
                _ => HttpErrorKind::Request,
            };
            HttpError::new(kind, failure)
        })
    }
}
