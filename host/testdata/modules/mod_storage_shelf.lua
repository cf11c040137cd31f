-- A driver that has keyval stores and nothing else. What is stored is a copy.
local serialize, deserialize = require "util.serialization".serialize, require "util.serialization".deserialize;

local shelves = module:shared("shelves");
local store = {};
store.__index = store;

function store:get(user)
	local text = self.shelf[user or ""];
	return text and deserialize(text);
end

function store:set(user, data)
	if data and data.refused then return nil, "the shelf is full"; end
	self.shelf[user or ""] = data and serialize(data) or nil;
	return true;
end

function store:users()
	return next, self.shelf, nil;
end

local driver = {};

function driver:open(name, kind)
	if (kind or "keyval") ~= "keyval" then return nil, "unsupported-store"; end
	shelves[name] = shelves[name] or {};
	return setmetatable({ shelf = shelves[name], name = name }, store);
end

function driver:purge(user)
	for _, shelf in pairs(shelves) do shelf[user] = nil; end
	return true;
end

module:provides("storage", driver);
