"""An address of the network, shortened so that it points at a neighbourhood and no longer at a person."""

from ipaddress import IPv6Address, ip_address, ip_network

KEPT_BITS = {4: 24, 6: 48}


def shortened(ip: str) -> str:
    """``198.51.100.7`` becomes ``198.51.100.0/24``, an IPv6 address its first 48 bits. What was shortened stays; what is none is empty."""
    try:
        return str(ip_network(ip)) if "/" in ip else _network(ip)
    except ValueError:
        return ""


def _network(ip: str) -> str:
    address = ip_address(ip)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ip_network(f"{address}/{KEPT_BITS[address.version]}", strict=False))
