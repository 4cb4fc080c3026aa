"""The network that a call comes from, as limits count it: an IPv4 address, or the /64 that one household or server has.

Counting single addresses of IPv6 would count nothing. An IPv4 address in the clothes of IPv6 is that IPv4 address.
"""

import ipaddress


def network_of(address: str) -> str:
    """The network of an address; what is no address is as it is."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((int(known), 64), strict=False))
