-- port:list, close

local portmanager = require "core.portmanager";

local format = module:require "format";

-- Each open port of modules: a list of { service, interface, port }.
local function open_ports()
	local list = {};
	for service, interface, port in portmanager.get_active_services():iter(nil, nil, nil, nil) do
		table.insert(list, { service = service; interface = interface; port = ("%d"):format(port); number = port });
	end
	table.sort(list, function (a, b)
		if a.number ~= b.number then return a.number < b.number; end
		return a.interface < b.interface;
	end);
	return list;
end

return function (add)
	local command = add("port", "Look at and close the ports that modules have opened");
	command("list", "List open ports of modules", {}, function (self)
		local list = open_ports();
		format.print_rows(self.session, {
			{ title = "Port"; key = "port"; width = 6 }, { title = "Address"; key = "interface"; width = "50%" }, { title = "Service"; key = "service"; width = "50%" },
		}, list);
		return true, format.count(#list, "port").." (clients of the server itself: config:get(\"c2s_ports\"))";
	end);
	command("close", "Close a port, on one address or all", { { name = "port"; type = "number" }, { name = "interface"; type = "string" } }, function (_, port, interface)
		local closed = 0;
		for _, open in ipairs(open_ports()) do
			if open.number == port and (not interface or open.interface == interface) then
				local ok, problem = portmanager.close(open.interface, open.number);
				if not ok then return nil, problem; end
				closed = closed + 1;
			end
		end
		if closed == 0 then return nil, "no module listens there"; end
		return true, "Closed "..format.count(closed, "port");
	end);
end;
