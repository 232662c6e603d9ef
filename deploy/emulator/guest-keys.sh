# Sourced by /host/guest.sh in the emulated machine: has /host/keys.script typed on the chip `keys` while a program reads it.
#     reader    the command; its files are copied from /host to /tmp
#     diodes    1, or empty for none
# Leaves /host/keys.events and /host/keys.log. Nothing touches /host while keys are typed: the host's time is not the machine's.
sim=/sys/kernel/debug/platen_matrix_sim/keys
echo "${diodes:-0}" >$sim/diodes
cat /host/keys.script >$sim/script

used() { read -r nanoseconds _ </proc/$pid/schedstat; echo $((nanoseconds / 1000)); }
passed() { read -r now _ </proc/uptime; echo "${now%.*}${now#*.}0"; }

cp /host/platen /host/scan /host/*.toml /tmp/ 2>/dev/null
$reader >/tmp/events &
pid=$!
sleep 3
[ -d /proc/$pid ] || { echo "guest: $reader has ended"; exit 1; }
begin=$(used)
sleep 60
idle=$(used)
start=$(passed)
echo 1 >$sim/play
end=$(passed)
busy=$(used)
sleep 1
kill $pid
wait $pid
echo "processor time of the program: $((idle - begin)) us in 60 s without keys, $(((busy - idle) / 1000)) ms in $(((end - start) / 1000)) s of typing"
echo "lines driven both ways at once: $(cat $sim/fights) times; records lost: $(cat $sim/lost)"
cp /tmp/events /host/keys.events
cat $sim/log >/host/keys.log
[ "$(cat $sim/fights)" -eq 0 ] && [ "$(cat $sim/lost)" -eq 0 ]
