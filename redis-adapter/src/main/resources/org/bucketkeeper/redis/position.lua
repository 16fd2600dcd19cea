-- position.lua: tells whether the change log can be read from a revision on.
--
-- Keys: see common.lua. Arguments: 3 the revision.
-- Result: KEPT or COMPACTED. A revision yet to come counts as kept.
-- Changes nothing but what common.lua may have to.

local problem = begin()
if problem then
  return problem
end
if tonumber(ARGV[3]) > revision or #redis.call('XRANGE', LOG, ARGV[3] .. '-0', ARGV[3] .. '-0') > 0 then
  return { 'KEPT' }
end
return { 'COMPACTED' }
