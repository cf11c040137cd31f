-- util.import: the global function import("util.jid", "split", "bare"), which returns these fields of a library, or the library itself.

local unpack = table.unpack or unpack; -- luacheck: ignore 113

local function import(name, ...)
	local library = require(name);
	if type(library) ~= "table" or select("#", ...) == 0 then
		return library;
	end
	local fields = { ... };
	for i, field in ipairs(fields) do
		fields[i] = library[field];
	end
	return unpack(fields, 1, select("#", ...));
end

rawset(_G, "import", import); -- rawset: modules may not be able to set globals otherwise

return import;
