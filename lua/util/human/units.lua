-- util.human.units: numbers with SI prefixes: format(1500, "m") → "1.5 km".

local decimal = { "k", "M", "G", "T", "P", "E", "Z", "Y" };
local binary = { "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi" };
local fractions = { "m", "\206\188", "n", "p", "f", "a", "z", "y" };

-- The multiplier and its prefix (nil for 1) for a number; base "b" counts in 1024.
local function adjust(n, base)
	local size, prefixes, step = math.abs(n), decimal, 1000;
	if base == "b" then
		prefixes, step = binary, 1024;
	elseif size < 1 then
		prefixes, step = fractions, 0.001;
	end
	local power = 0;
	while power < #prefixes and size ~= 0 and (step > 1 and size >= step^(power+1) or step < 1 and size < step^power) do
		power = power + 1;
	end
	return step^power, prefixes[power];
end

local function format(n, unit, base)
	local multiplier, prefix = adjust(n, base);
	return ("%.3g %s%s"):format(n / multiplier, prefix or "", unit);
end

return { adjust = adjust, format = format };
