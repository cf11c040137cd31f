-- dns:lookup

local adns = require "net.adns";
local promise = require "util.promise";

local format = module:require "format";

local function lookup(self, name, kind)
	if not name then return nil, "which name?"; end
	kind = (kind or "A"):upper();
	return promise.new(function (resolve, reject)
		adns.lookup(function (records, problem)
			if not records then return reject(tostring(problem or "no answer")); end
			for _, record in ipairs(records) do
				self.session.print(tostring(record));
			end
			resolve(format.count(#records, "record"));
		end, name, kind);
	end);
end

return function (add)
	add("dns", "Ask the name servers")("lookup", "Look up a name: A, AAAA, SRV, TXT …", { { name = "name"; type = "string" }, { name = "type"; type = "string" } }, lookup);
end;
