-- util.gc: settings of the garbage collector. Memory is Go's here: the settings are checked for type and otherwise without effect.

local function configure(user, defaults)
	local mode = user.mode or defaults and defaults.mode or "incremental";
	if mode ~= "incremental" and mode ~= "generational" then
		return nil, "unknown collector: "..tostring(mode);
	end
	for name, value in pairs(user) do
		if name ~= "mode" and type(value) ~= "number" then
			return nil, name..": want a number";
		end
	end
	return true;
end

return { configure = configure };
