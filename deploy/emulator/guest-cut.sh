# Sourced by /host/guest.sh in the emulated machine: `command`, which works the lines of `chip`, is killed `cuts` times.
sim=/sys/kernel/debug/platen_matrix_sim/$chip
cp /host/cut /host/platen /host/hold /host/text /host/*.toml /tmp/ 2>/dev/null
# As the drivers of Raspberry Pi OS and of port expanders do.
echo 1 >$sim/keeps
echo 0xffffffffffffffff >$sim/logged
/tmp/cut /tmp/cuts $cuts 200 3000 $command || exit 1
cp /tmp/cuts /host/
cat $sim/log >/host/$chip.log
echo "records lost: $(cat $sim/lost)"
[ "$(cat $sim/lost)" -eq 0 ]
