-- same(got, want): an error unless they are alike; tables are compared by content.

local function find_difference(got, want, path)
	if rawequal(got, want) then
		return nil;
	elseif type(got) ~= "table" or type(want) ~= "table" then
		return got ~= want and ("%s: want %s, got %s"):format(path, tostring(want), tostring(got)) or nil;
	end
	for key in pairs(want) do
		local difference = find_difference(got[key], want[key], path.."."..tostring(key));
		if difference then return difference; end
	end
	for key in pairs(got) do
		if want[key] == nil then
			return ("%s.%s: want nothing, got %s"):format(path, tostring(key), tostring(got[key]));
		end
	end
end

return function (got, want)
	local difference = find_difference(got, want, "value");
	if difference then
		error(difference, 2);
	end
end
