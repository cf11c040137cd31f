-- server:version, uptime, memory, shutdown

local format = module:require "format";

return function (add)
	local command = add("server", "Look at the server as a whole, and end it");
	command("version", "Show the version", {}, function () return true, tostring(prosody.version); end);
	command("uptime", "Show how long the server has been running", {}, function ()
		return true, ("Running for %s, since %s"):format(format.duration(os.time() - prosody.start_time), os.date("!%Y-%m-%d %H:%M:%S UTC", prosody.start_time));
	end);
	command("memory", "Show how much memory is in use", {}, function ()
		return true, ("%.1f MiB in use, after a collection of garbage"):format((collectgarbage() and 0 or 0) + collectgarbage("count") / 1024);
	end);
	command("shutdown", "End the server", { { name = "reason"; type = "string" }, { name = "code"; type = "number" } }, function (_, reason, code)
		prosody.shutdown(reason, code);
		return true, "The server ends";
	end);
end;
