-- http:list

local format = module:require "format";
local hosts = module:require "hosts";

local function list(self, argument)
	local names, problem = hosts.named(argument or { "*", unpack(hosts.all()) });
	if not names then return nil, problem; end
	local rows = {};
	for _, host in ipairs(names) do
		local context = module:context(host);
		for _, item in ipairs(context:get_host_items("http-provider")) do
			table.insert(rows, { host = host; name = item.name; url = context:http_url(item.name, item.default_path) });
		end
	end
	format.print_rows(self.session, {
		{ title = "Host"; key = "host"; width = "30%" }, { title = "App"; key = "name"; width = "20%" }, { title = "URL"; key = "url"; width = "50%" },
	}, rows);
	return true, format.count(#rows, "app");
end

return function (add)
	add("http", "Look at what is offered by HTTP")("list", "List apps and their addresses", { { name = "host"; type = "string" } }, list);
end;
