-- util.bitcompat: 32-bit operations under bit32's names: band, bor, bxor, bnot, lshift, rshift. The interpreter's own bit32, if it has one.

if rawget(_G, "bit32") then
	return rawget(_G, "bit32");
end

local MODULUS = 2^32;

-- Folds the arguments bit by bit; keep(count of ones, count of arguments) says whether the bit is set.
local function fold(keep)
	return function (...)
		local words, n = { ... }, select("#", ...);
		local result, bit = 0, 1;
		for _ = 1, 32 do
			local ones = 0;
			for i = 1, n do
				local odd = words[i] % 2;
				ones, words[i] = ones + odd, (words[i] - odd) / 2;
			end
			if keep(ones, n) then result = result + bit; end
			bit = bit * 2;
		end
		return result;
	end;
end

return {
	band = fold(function (ones, n) return ones == n; end);
	bor = fold(function (ones) return ones > 0; end);
	bxor = fold(function (ones) return ones % 2 == 1; end);
	bnot = function (word) return MODULUS - 1 - word % MODULUS; end;
	lshift = function (word, by) return math.floor(word * 2^by) % MODULUS; end;
	rshift = function (word, by) return math.floor(word % MODULUS / 2^by); end;
};
