-- net.resolvers.manual: new(targets, type, extra) resolves to a list of {type, ip, port, extra}.

local unpack = table.unpack or unpack; -- luacheck: ignore 113

local methods = {};
local metatable = { __index = methods };

function methods:next(callback)
	local target = table.remove(self.targets, 1);
	if target then
		return callback(unpack(target, 1, 4));
	end
	return callback(nil);
end

local function new(targets, conn_type, extra)
	return setmetatable({ targets = targets or {}, conn_type = conn_type, extra = extra }, metatable);
end

return { new = new };
