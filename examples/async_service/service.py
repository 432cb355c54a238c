"""A service that gives each customer an Application of its own, with Twilio's async SDK.

uvicorn service:service
"""

from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

service = FastAPI()


def twilio() -> Client:
    """A client for one request; the credentials are in the environment."""
    return Client(http_client=AsyncTwilioHttpClient(pool_connections=False))


Twilio = Annotated[Client, Depends(twilio)]


@service.post("/customers/{name}", status_code=201)
async def welcome(name: str, client: Twilio) -> dict[str, str | None]:
    """Make the Application of a new customer."""
    url = f"https://me.example/voice/{name}"
    try:
        made = await client.applications.create_async(friendly_name=name, voice_url=url)
    except TwilioRestException as refused:
        raise HTTPException(502, f"Twilio says: {refused.msg}") from refused
    return {"sid": made.sid}


@service.delete("/customers/{sid}", status_code=204)
async def farewell(sid: str, client: Twilio) -> None:
    """Delete the Application of a customer who leaves."""
    try:
        await client.applications(sid).delete_async()
    except TwilioRestException as refused:
        if refused.status != 404:
            raise HTTPException(502, f"Twilio says: {refused.msg}") from refused
