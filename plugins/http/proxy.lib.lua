-- Behind a proxy the client is who the proxy says (X-Forwarded-For, X-Forwarded-Proto). Only proxies that are known are believed.

local ip = require "util.ip";

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

-- The last address that is not a proxy's is the client's: what stands before it may be invented.
return function (request)
	if not request.ip or not is_trusted(request.ip) then
		return request.ip, request.secure;
	end
	local secure = request.secure or request.headers.x_forwarded_proto == "https";
	local found = request.ip;
	for hop in (request.headers.x_forwarded_for or ""):gmatch("[^%s,]+") do
		if not is_trusted(hop) then
			found = hop;
		end
	end
	return found, secure;
end
