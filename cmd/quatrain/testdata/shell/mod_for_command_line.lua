-- What a module does on the command line: it chooses its host, and keeps something there.

local commands = {};

function commands.keep(user, amount)
	module:open_store("things", "map"):set(user, "amount", tonumber(amount));
	return 0;
end

function commands.show(user, option)
	if option then return 4; end
	return nil, ("%s has %d, in %s"):format(user, module:open_store("things", "map"):get(user, "amount"), prosody.process_type);
end

function commands.refuse() return nil, "no: not today"; end

commands["break"] = function () error("broken"); end;

function module.command(arg)
	local name, host = table.remove(arg, 1), table.remove(arg, 1);
	if not name then
		return 2;
	end
	module.host = host or "*";
	if arg[1] == "--" then table.remove(arg, 1); end
	return commands[name](unpack(arg));
end
