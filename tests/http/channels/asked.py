"""Asking a small shop for its items, and matching them."""


def sells(small, *items, **page):
    some = [{"id": number, "sku": sku, "name": name, "sells": 3} for number, sku, name in items]
    small.answers["/items"] = (200, {"items": some, **page})


def candidates(seller, channel, query=""):
    reply = seller.call("clerk", "GET", f"/channels/{channel['id']}/candidates{query}")
    assert reply.status_code == 200, reply.text
    return reply.json


def match(seller, channel, body=None, **headers):
    reply = seller.call("owner", "POST", f"/channels/{channel['id']}/listings/match", body, **headers)
    assert reply.status_code == 200, reply.text
    return reply.json


def listed(seller, channel):
    items = seller.call("clerk", "GET", f"/channels/{channel['id']}/listings").json["items"]
    return {each["sku"]: each["shop_id"] for each in items}


def checked(seller, channel):
    reply = seller.call("owner", "POST", f"/channels/{channel['id']}/check")
    assert reply.status_code == 200, reply.text
    return reply.json
