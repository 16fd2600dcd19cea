-- read.lua: reads all entries whose key starts with a prefix, at one revision.
--
-- Keys: see common.lua. Arguments: 3 the prefix, empty for all.
-- Result: identity, revision, then key and encoded entry in turn, in ascending order of the keys.
-- Changes nothing but what common.lua may have to.

local problem = begin()
if problem then
  return problem
end
local prefix = ARGV[3]
local names
if prefix == '' then
  names = redis.call('ZRANGEBYLEX', NAMES, '-', '+')
else
  names = redis.call('ZRANGEBYLEX', NAMES, '[' .. prefix, '(' .. prefix .. '\255')
end
local result = { identity, text(revision) }
for first = 1, #names, CHUNK do
  local last = math.min(first + CHUNK - 1, #names)
  local found = redis.call('HMGET', ENTRIES, unpack(names, first, last))
  for place = first, last do
    local entry = found[place - first + 1]
    if not entry then
      return refusal('the key ' .. names[place] .. ' is listed but has no value')
    end
    result[#result + 1] = names[place]
    result[#result + 1] = entry
  end
end
return result
