---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Dates and times (XEP-0082).
---@class util.datetime.library
local lib = {}

---The date, 2026-01-31.
---@param time? number
---@return string
function lib.date(time) end

---Date and time, 2026-01-31T12:00:00Z.
---@param time? number
---@return string
function lib.datetime(time) end

---As in XEP-0091.
---@param time? number
---@return string
function lib.legacy(time) end

---Seconds since 1970.
---@param text string
---@return number?
function lib.parse(text) end

---The time, 12:00:00.
---@param time? number
---@return string
function lib.time(time) end

return lib
