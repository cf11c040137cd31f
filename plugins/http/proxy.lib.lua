-- Behind a proxy the client is who the proxy says: Forwarded (RFC 7239), or X-Forwarded-For and X-Forwarded-Proto. Only proxies that are known
-- are believed.

local ip = require "util.ip";
local parse_forwarded = require "util.http".parse_forwarded;

local networks = {};
for text in module:get_option_set("trusted_proxies", { "127.0.0.1", "::1" }) do
	local network, bits = ip.parse_cidr(text);
	if network then
		networks[#networks+1] = { network, bits };
	else
		module:log("error", "trusted_proxies: '%s' is neither an address nor a network", text);
	end
end

local function is_trusted(text)
	local address = ip.new_ip(text);
	for _, network in ipairs(networks) do
		if address and ip.match(address, network[1], network[2]) then
			return true;
		end
	end
	return false;
end

-- "192.0.2.1:8080", "[2001:db8::1]:8080" and the same without port; nil if it is a name for something hidden.
local function address_of(node)
	local address = node and (node:match("^%[(.+)%]") or node:match("^([%d.]+)"));
	return address and ip.new_ip(address) and address;
end

-- The hops of a request as the headers tell, the first that is said to have made it first: { address, protocol }.
local function hops_of(headers)
	local hops = {};
	if headers.forwarded then
		for _, hop in ipairs(parse_forwarded(headers.forwarded) or {}) do
			hops[#hops+1] = { address = address_of(hop["for"]), protocol = hop.proto };
		end
		return hops;
	end
	for address in (headers.x_forwarded_for or ""):gmatch("[^%s,]+") do
		hops[#hops+1] = { address = address, protocol = headers.x_forwarded_proto };
	end
	if not hops[1] then
		hops[1] = { protocol = headers.x_forwarded_proto };
	end
	return hops;
end

-- The last address that is not a proxy's is the client's: what stands before it may be invented.
return function (request)
	local client, secure = request.ip, request.secure;
	if not client or not is_trusted(client) then
		return client, secure;
	end
	local hops = hops_of(request.headers);
	for i = #hops, 1, -1 do
		local hop = hops[i];
		secure = secure or hop.protocol == "https";
		if not hop.address or not is_trusted(hop.address) then
			return hop.address or client, secure;
		end
	end
	return client, secure;
end
