-- net.resolvers.chain: new(resolvers) asks one resolver after the other.

local methods = {};
local metatable = { __index = methods };

function methods:next(callback)
	local current = self.resolvers[1];
	if not current then
		return callback(nil);
	end
	return current:next(function (kind, ...)
		self.last_error = current.last_error;
		if kind then
			return callback(kind, ...);
		end
		table.remove(self.resolvers, 1);
		return self:next(callback);
	end);
end

local function new(resolvers)
	return setmetatable({ resolvers = resolvers }, metatable);
end

return { new = new };
