---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Sources, sinks and pumps (LuaSocket).
---@class ltn12.library
local lib = {}

lib.pump = {}

---Takes all.
---@param source function
---@param sink function
---@param step? function
---@return integer?
---@return string?
function lib.pump.all(source, sink, step) end

---Takes one part from source to sink.
---@param source function
---@param sink function
---@return integer?
---@return string?
function lib.pump.step(source, sink) end

lib.sink = {}

---A sink that forgets.
---@return function
function lib.sink.null() end

---A sink that fills a list.
---@param list? string[]
---@return function
---@return string[]
function lib.sink.table(list) end

lib.source = {}

---A source that gives nothing.
---@param err? string
---@return function
function lib.source.empty(err) end

---A source that gives a text.
---@param text string
---@return function
function lib.source.string(text) end

---A source that gives the parts of a list.
---@param list string[]
---@return function
function lib.source.table(list) end

return lib
