using Samepage.Channels;
using Samepage.Torture.Checking;
using Samepage.Torture.Histories;
using Samepage.Torture.Working;

namespace Samepage.Torture.Kinds;

/// <summary>A cell that is written and read, and a counter that is updated.</summary>
internal sealed class CellKind() : Kind("cell")
{
    private const int Longest = 8_000;

    public override IReadOnlyList<string> Roles { get; } = ["writer", "writer", "reader", "reader", "updater", "updater"];

    public override IDisposable Prepare(string name) => new Two(name);

    public override void Run(string role, Work work)
    {
        using var two = new Two(work.Name);
        var room = new byte[Longest];
        for (uint number = 1; !work.IsEnding; number++)
        {
            switch (role)
            {
                case "writer":
                    Span<byte> value = room.AsSpan(0, work.Chance(3) ? work.Random.Next(Payload.Shortest, Longest) : work.Length(200));
                    long id = MessageId.Of(work.Actor, 0, number);
                    Payload.Fill(value, id);
                    work.History.Begin(CellCode.Write, id);
                    two.Value.Write(value);
                    work.History.End();
                    break;
                case "reader":
                    work.History.Begin(CellCode.Read);
                    bool any = two.Value.TryRead(room, out int length, out ulong read);
                    work.History.End(any ? Payload.Read(room.AsSpan(0, length)) : 0, (long)read);
                    if (work.Chance(4))
                        _ = two.Value.WaitForChange(read, work.UpTo(20));
                    break;
                default:
                    work.History.Begin(CellCode.Add);
                    work.History.End(two.Counter.Update(static c => c + 1));
                    break;
            }
            work.Breathe();
        }
    }

    public override void Conclude(Work work)
    {
        using var two = new Two(work.Name);
        work.History.Note(CellCode.Left, 0, two.Counter.Value);
    }

    public override IEnumerable<Rule> Rules => [CellRules.OneOrder, CellRules.NoUpdateLost];

    public override string Describe(Operation operation) => Describe<CellCode>(operation, MessageId.Text, r => operation.Code == (int)CellCode.Read ? MessageId.Text(r) : $"{r}");

    private sealed class Two(string name) : IDisposable
    {
        public Cell Value { get; } = Cell.CreateOrOpen(name, new CellOptions { Capacity = Longest });

        public Cell<long> Counter { get; } = Cell<long>.CreateOrOpen(name + "-counter");

        public void Dispose()
        {
            Value.Dispose();
            Counter.Dispose();
        }
    }
}
