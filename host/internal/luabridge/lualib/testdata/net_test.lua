local t = require "test.harness";

t.case("util.net", function ()
	local net = require "util.net";
	t.same({ net.pton("1.2.3.4"), net.pton("::1") }, { "\1\2\3\4", ("\0"):rep(15).."\1" });
	t.same({ (net.pton("x")), (net.pton("1.2.3")), (net.pton("")) }, {});
	t.same({ net.ntop("\1\2\3\4"), net.ntop(("\0"):rep(15).."\1") }, { "1.2.3.4", "::1" });
	t.same({ select("#", net.ntop("abc")), (net.ntop("abc")), type(select(2, net.ntop("abc"))) }, { 3, nil, "string" });
	t.raises("string expected", net.pton, nil);
	t.same({ type(net.local_addresses()), type(net.local_addresses("ipv4")) }, { "table", "table" });
end);

t.case("new_ip", function ()
	local new_ip = require "util.ip".new_ip;
	local ip = new_ip("10.0.0.1");
	t.same({ ip.addr, ip.proto, ip.packed, ip.normal, ip.zone, tostring(ip) }, { "10.0.0.1", "IPv4", "\10\0\0\1", "10.0.0.1", nil, "10.0.0.1" });
	t.same({ ip.bits, ip.private, ip.scope, ip.nonsense }, { "00001010000000000000000000000001", true, 14 });
	t.same({ ip.toV4mapped.addr, #ip.bits_full, ip.label, ip.precedence }, { "::ffff:10.0.0.1", 128, 4, 35 });
	local six = new_ip("FE80::1%eth0");
	t.same({ six.addr, six.zone, six.normal, six.proto, six.scope, six.private }, { "FE80::1", "eth0", "fe80::1", "IPv6", 2, true });
	t.same({ new_ip("2001:db8::1") == new_ip("2001:DB8:0::1"), new_ip("1.2.3.4") == new_ip("1.2.3.5") }, { true, false });
	t.same({ (new_ip("x")), (new_ip("1.2.3.4", "IPv6")), (new_ip("::1", "IPv4")), (new_ip("1.2.3.4", "IPv9")) }, {});
	t.same({ select(2, new_ip("1.2.3.4", "IPv6")) }, { "invalid-ipv6" });
	for text, want in pairs {
		["::1"] = { 2, 50, 0 }, ["2002::1"] = { 14, 30, 2 }, ["2001::1"] = { 14, 5, 5 }, ["fd00::1"] = { 14, 3, 13 }, ["fec0::1"] = { 5, 1, 11 };
		["ff02::1"] = { 2, 40, 1 }, ["2a00::1"] = { 14, 40, 1 }, ["127.0.0.1"] = { 2, 35, 4 }, ["8.8.8.8"] = { 14, 35, 4 }, ["169.254.1.1"] = { 2, 35, 4 };
	} do
		local a = new_ip(text);
		t.same({ text, a.scope, a.precedence, a.label }, { text, want[1], want[2], want[3] });
	end
	t.same({ new_ip("8.8.8.8").private, new_ip("172.20.0.1").private, new_ip("100.64.0.1").private, new_ip("192.168.1.1").private }, { false, true, true, true });
end);

t.case("match", function ()
	local ip = require "util.ip";
	local function m(a, cidr)
		return ip.match(ip.new_ip(a), ip.parse_cidr(cidr));
	end
	t.same({ m("10.0.0.1", "10.0.0.0/8"), m("11.0.0.1", "10.0.0.0/8"), m("10.0.0.1", "10.0.0.1"), m("10.0.0.1", "10.0.0.1/32") }, { true, false, true, true });
	t.same({ m("1.2.3.4", "::/0"), m("::ffff:10.0.0.1", "10.0.0.0/8"), m("10.0.0.1", "::ffff:10.0.0.0/104"), m("::1", "10.0.0.0/8") }, { true, true, true, false });
	t.same({ m("2001:db8::1", "2001:db8::/32"), m("2001:db9::1", "2001:db8::/32"), m("10.0.0.129", "10.0.0.128/25") }, { true, false, true });
	t.same(ip.commonPrefixLength(ip.new_ip("10.0.0.0"), ip.new_ip("10.0.0.1")), 127);
	t.same(ip.commonPrefixLength(ip.new_ip("::1"), ip.new_ip("::1")), 128);
	local address, bits = ip.parse_cidr("10.0.0.0/8");
	t.same({ address.addr, bits }, { "10.0.0.0", 8 });
	t.same(t.pack(select(2, ip.parse_cidr("10.0.0.0"))), { n = 1 });
	t.same((ip.parse_cidr("nonsense/8")), nil);
	if OURS then -- 13
		t.same({ tostring(ip.truncate(ip.new_ip("10.1.2.3"), 16)), ip.is_ip(address), ip.is_ip({}), ip.is_ip(nil) }, { "10.1.0.0", true, false, false });
	end
end);

return t.finish();
