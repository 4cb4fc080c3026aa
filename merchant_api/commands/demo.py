"""`orderbell demo`: the story of an order, for people to watch and for tests to trust."""

import click

from merchant_api.core.settings import load
from merchant_api.demo import story
from merchant_api.server.up import address


@click.command()
@click.option("--url", help="Where the API runs; here, with the settings of the environment, when not given.")
def demo(url: str | None) -> None:
    """Play the story of an order against the running API, every way that it can go."""
    settings = load()
    story.play(url or address(settings), story.password_of(settings), click.echo)
    click.echo("\nEvery step happened.")
