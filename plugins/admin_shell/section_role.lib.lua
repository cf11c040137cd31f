-- role:list

local usermanager = require "core.usermanager";

local format = module:require "format";

return function (add)
	add("role", "Look at the roles that accounts may have")("list", "List the roles of a host", { { name = "host"; type = "string" } }, function (self, host)
		if not prosody.hosts[host] then return nil, "there is no host "..tostring(host); end
		local names = {};
		for name in pairs(usermanager.get_all_roles and usermanager.get_all_roles(host) or {
			["prosody:guest"] = true; ["prosody:registered"] = true; ["prosody:member"] = true; ["prosody:admin"] = true; ["prosody:operator"] = true;
		}) do
			table.insert(names, name);
		end
		table.sort(names);
		for _, name in ipairs(names) do
			self.session.print(name);
		end
		return true, format.count(#names, "role");
	end);
end;
