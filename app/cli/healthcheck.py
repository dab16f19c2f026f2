"""`readyboard healthcheck`: for containers, which have no curl."""

import http.client
import ipaddress

import click

from app.cli.options import load, settings_options

TIMEOUT = 4.0  # seconds; less than the five a container platform usually waits


@click.command()
@settings_options
def healthcheck(**flags: str | None) -> None:
    """Ask the running server whether it is well; exit code 1 if not.

    \b
    readyboard healthcheck --port 8080
    """
    settings = load(**flags).settings
    connection = http.client.HTTPConnection(
        reachable(settings.host), settings.port, timeout=TIMEOUT
    )
    try:
        connection.request("GET", "/healthz")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise click.ClickException(f"No answer on port {settings.port}: {error}") from error
    finally:
        connection.close()
    if status != 200:
        raise click.ClickException(f"The server answered {status}.")
    click.echo("The server is well.")


def reachable(host: str) -> str:
    """Where this machine reaches a server that listens on `host`: 0.0.0.0 is no destination."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if not address.is_unspecified:
        return host
    return "127.0.0.1" if address.version == 4 else "::1"
