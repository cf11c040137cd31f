-- util.xpcall: xpcall that passes arguments on, on any Lua.

local xpcall, unpack = xpcall, table.unpack or unpack; -- luacheck: ignore 113

if select(2, xpcall(function (x) return x; end, function () end, true)) ~= true then
	local plain = xpcall;
	function xpcall(f, handler, ...)
		local n, arguments = select("#", ...), { ... };
		return plain(function () return f(unpack(arguments, 1, n)); end, handler);
	end
end

return { xpcall = xpcall };
