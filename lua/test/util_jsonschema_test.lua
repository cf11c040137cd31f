local t = require "test.harness";
t.stand_in("util.json", { null = setmetatable({}, { __tostring = function () return "null"; end }) });
local null = require "util.json".null;
local validate = require "util.jsonschema".validate;

local function check(schema, right, wrong)
	for i, data in ipairs(right) do t.same({ i, validate(schema, data) }, { i, true }); end
	for i, data in ipairs(wrong) do t.same({ -i, validate(schema, data) }, { -i, false }); end
end

t.case("types", function ()
	check({ type = "string" }, { "x", "" }, { 1, {}, true });
	check({ type = "integer" }, { 1, -5, 2^40 }, { 1.5, "1" });
	check({ type = "number" }, { 1.5 }, { "1" });
	check({ type = "object" }, { {}, { a = 1 } }, { { 1 }, "x" });
	check({ type = "array" }, { {}, { 1 } }, { { a = 1 } });
	check({ type = { "string", "integer" } }, { "x", 1 }, { 1.5, {} });
	check({ type = "null" }, { null }, { false, 0 });
end);

t.case("strings and numbers", function ()
	check({ minLength = 2, maxLength = 3 }, { "ab", "\195\188\195\188\195\188", 7 }, { "a", "abcd" });
	check({ minimum = 1, exclusiveMaximum = 3 }, { 1, 2.9 }, { 0, 3 });
	check({ multipleOf = 5 }, { 5, 10 }, { 3 });
end);

t.case("objects", function ()
	check({ properties = { a = { type = "string" } }, required = { "a" }, additionalProperties = false }, { { a = "x" } }, { {}, { a = 1 }, { a = "x", b = 1 } });
	check({ propertyNames = { maxLength = 2 } }, { { ab = 1 } }, { { abc = 1 } });
end);

t.case("arrays", function ()
	check({ items = { type = "integer" }, minItems = 1, maxItems = 2 }, { { 1 }, { 1, 2 } }, { {}, { "x" }, { 1, 2, 3 } });
	check({ prefixItems = { { type = "string" } }, items = { type = "integer" } }, { { "x", 1, 2 } }, { { 1 }, { "x", "y" } });
	check({ contains = { const = 3 } }, { { 1, 3 } }, { { 1 } });
	check({ uniqueItems = true }, { { 1, 2 } }, { { 1, 1 } });
end);

t.case("combinations", function ()
	check({ allOf = { { minimum = 1 }, { maximum = 3 } } }, { 2 }, { 0, 4 });
	check({ anyOf = { { type = "string" }, { const = 1 } } }, { "x", 1 }, { 2 });
	check({ oneOf = { { minimum = 1 }, { maximum = 3 } } }, { 0, 4 }, { 2 });
	check({ ["not"] = { type = "string" } }, { 1 }, { "x" });
	check({ ["if"] = { type = "string" }, ["then"] = { minLength = 2 }, ["else"] = { minimum = 5 } }, { "ab", 5 }, { "a", 4 });
	check({ enum = { "a", 1 } }, { "a", 1 }, { "b" });
	check(true, { 1 }, {}); check(false, {}, { 1 });
end);

t.case("references", function ()
	local schema = { ["$defs"] = { name = { type = "string" } }, properties = { a = { ["$ref"] = "#/$defs/name" } } };
	check(schema, { { a = "x" } }, { { a = 1 } });
end);

return t.finish();
