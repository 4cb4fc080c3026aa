"""The network that a call comes from, as limits count it: an IPv4 address, or the /64 that one household or server has.

Counting single addresses of IPv6 would count nothing. An IPv4 address in the clothes of IPv6 is that IPv4 address.
"""

import ipaddress


def network_of(address: str) -> str:
    """The network of an address; what is no address is as it is."""
    try:
        known = ipaddress.ip_address(_without_port(address).partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((int(known), 64), strict=False))


def _without_port(address: str) -> str:
    # Some proxies write into X-Forwarded-For from which port they were asked: a new one with each connection.
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address
