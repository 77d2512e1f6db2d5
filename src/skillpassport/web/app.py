"""The web application: middleware, routes and the API description, put together."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

from skillpassport.settings import Settings
from skillpassport.web import health, problem_pages, problems
from skillpassport.web.admission import Admission
from skillpassport.web.api import (
    accreditations,
    achievements,
    agreements,
    comparability_statements,
    coverage,
    credentials,
    equivalences,
    frameworks,
    log,
    occupational_standards,
    organisations,
    precedents,
    qualifications,
    registry_exchange,
    schemas,
    signing_keys,
    signing_profiles,
    status_lists,
    taxonomies,
    vc_api,
    verifications,
)
from skillpassport.web.at_once import AtOnce
from skillpassport.web.description import describe
from skillpassport.web.head import HeadAsGet
from skillpassport.web.issuing_at_once import IssuingAtOnce
from skillpassport.web.limits import Limits
from skillpassport.web.metrics import Metrics
from skillpassport.web.middleware import Bounded, Explained, Observed, SafeHeaders
from skillpassport.web.pages import agreements as agreement_pages
from skillpassport.web.pages import (
    bringing,
    changes,
    comparison,
    evaluation,
    flowing,
    occupations,
    registry,
    standards,
    start,
    statements,
    verification,
)
from skillpassport.web.pages import coverage as coverage_page
from skillpassport.web.pages import precedents as precedent_pages
from skillpassport.web.pages import qualifications as qualification_pages
from skillpassport.web.pages.refusals import RefusalsForPeople
from skillpassport.web.pictures import PictureReader
from skillpassport.web.services import Services
from skillpassport.web.verifying_at_once import VerifyingAtOnce

ROUTERS: tuple[APIRouter, ...] = (
    # The busiest first: a request is held against each router in turn.
    verifications.router,
    credentials.router,
    vc_api.router,
    health.router,
    problem_pages.router,
    organisations.router,
    signing_keys.router,
    signing_profiles.router,
    accreditations.router,
    achievements.router,
    status_lists.router,
    frameworks.router,
    coverage.router,
    taxonomies.router,
    qualifications.router,
    equivalences.router,
    agreements.router,
    precedents.router,
    occupational_standards.router,
    comparability_statements.router,
    registry_exchange.router,
    log.router,
    schemas.router,
    verification.router,
    bringing.router,
    coverage_page.router,
    evaluation.router,
    qualification_pages.router,
    standards.router,
    agreement_pages.router,
    precedent_pages.router,
    occupations.router,
    changes.router,
    statements.router,
    flowing.router,
    comparison.router,  # before the registry, whose paths end in any framework's id
    registry.router,
    start.router,
)
"""Every router of the product; each carries its whole prefix and uses `ApiRoute`."""


_NO_TELEMETRY: Final[TelemetryConfig] = {"tracing": False, "metrics": False, "logs": False}
"""The framework's own: its spans would carry whole paths, in which verification codes lie, its log
records messages of exceptions. Lines of the log and `/metrics` tell what an operator needs."""


def create_app(
    services: Services,
    settings: Settings,
    routers: Sequence[APIRouter] = ROUTERS,
    *,
    workers: int = 1,
) -> FastAPI:
    """Return the application, ready to be served.

    workers: how many processes serve it beside each other

    The interactive description pages of the framework load scripts from a foreign host, so they
    are off with its own description; `/openapi.json` is ours.
    """
    metrics = Metrics()
    app = FastAPI(
        title="skillpassport",
        version=health.package_version(),
        openapi_url=None,  # `describe` serves it
        redirect_slashes=False,
        lifespan=_lifespan,
        responses=problems.PROBLEM_RESPONSES,
        telemetry=_NO_TELEMETRY,
        middleware=[
            Middleware(Admission, base=settings.public_url, metrics=metrics),
            Middleware(Observed, metrics=metrics),
            Middleware(SafeHeaders),
            Middleware(RefusalsForPeople),
            Middleware(Explained, base=settings.public_url),
            Middleware(Bounded),
            Middleware(HeadAsGet),
            *_at_once(routers),
        ],
    )
    app.state.services = services
    app.state.settings = settings
    app.state.metrics = metrics
    app.state.pictures = PictureReader()
    app.state.limits = Limits(settings.rate_limits, workers=workers)
    problems.install(app)
    describe(app, settings.public_url)
    for router in routers:
        app.include_router(router)
    return app


def _at_once(routers: Sequence[APIRouter]) -> Iterator[Middleware]:
    if verifications.router in routers:
        (route,) = verifications.router.routes
        path = verifications.router.prefix
        yield Middleware(AtOnce, path=path, route=route, limit=verifications.LIMIT)
    if vc_api.router in routers:
        yield Middleware(IssuingAtOnce, route=vc_api.router.routes[0])
        path = vc_api.CREDENTIALS_VERIFY
        route = next(each for each in vc_api.router.routes if getattr(each, "path", "") == path)
        yield Middleware(VerifyingAtOnce, path=path, route=route, limit=vc_api.LIMIT)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services: Services = app.state.services
    await run_in_threadpool(services.start)
    try:
        yield
    finally:
        await run_in_threadpool(services.stop)
