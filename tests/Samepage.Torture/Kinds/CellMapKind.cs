using Samepage.Channels;
using Samepage.Torture.Checking;
using Samepage.Torture.Histories;
using Samepage.Torture.Working;

namespace Samepage.Torture.Kinds;

/// <summary>A map whose keys come and go. A value says to which key it was written.</summary>
internal sealed class CellMapKind() : Kind("cell-map")
{
    private const int Longest = 150, Keys = 6;

    public override IReadOnlyList<string> Roles { get; } = ["user", "user", "user", "user"];

    public override IDisposable Prepare(string name) => CellMap.Create(name, new CellMapOptions { ValueCapacity = Longest, MaxKeys = 2 * Keys });

    public override void Run(string role, Work work)
    {
        using CellMap map = CellMap.Open(work.Name);
        var room = new byte[Longest];
        for (uint number = 1; !work.IsEnding; number++)
        {
            int key = work.Random.Next(Keys);
            switch (work.Random.Next(10))
            {
                case 0:
                    _ = map.Remove(KeyOf(key));
                    break;
                case < 5:
                    long id = MessageId.Of(work.Actor, key, number);
                    CellMapEntry entry = map.GetOrAdd(KeyOf(key));
                    Span<byte> value = room.AsSpan(0, work.Random.Next(Payload.Shortest, Longest));
                    Payload.Fill(value, id);
                    work.History.Begin(CellCode.Write, id);
                    work.History.End(entry.TryWrite(value) ? 1 : 0);
                    break;
                default:
                    if (map.TryGet(KeyOf(key), out CellMapEntry? found))
                        Read(found, key, room, work);
                    break;
            }
            work.Breathe();
        }
    }

    private static void Read(CellMapEntry entry, int key, byte[] room, Work work)
    {
        ulong last = 0;
        for (int left = work.Random.Next(1, 5); left > 0; left--)
        {
            work.History.Begin(CellCode.Read, MessageId.Of(0, key, 0));
            long id = entry.TryRead(room, out int length, out ulong number) ? Payload.Read(room.AsSpan(0, length)) : 0;
            work.History.End(id, (long)number);
            if (id == 0)
                return;
            if (number < last)
                throw new FaultException($"value {number} of a key came after {last}");
            last = number;
        }
    }

    private static string KeyOf(int key) => $"key {key}";

    public override void Conclude(Work work)
    {
        using CellMap map = CellMap.Open(work.Name);
        if (map.Keys.Distinct().Count() != map.Keys.Count || map.Keys.Count > Keys)
            throw new FaultException($"there are keys that nobody added, or twice: {string.Join(", ", map.Keys)}");
    }

    public override IEnumerable<Rule> Rules => [CellMapRules.BelongsToItsKey];

    public override string Describe(Operation operation) => Describe<CellCode>(operation, MessageId.Text, MessageId.Text);
}
