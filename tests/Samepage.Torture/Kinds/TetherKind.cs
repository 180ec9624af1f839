using Samepage.Torture.Checking;
using Samepage.Torture.Histories;
using Samepage.Torture.Working;

namespace Samepage.Torture.Kinds;

/// <summary>Those who take part in an object, and those who watch them.</summary>
internal sealed class TetherKind() : Kind("tether")
{
    public override IReadOnlyList<string> Roles { get; } = ["member", "member", "member", "watcher", "watcher"];

    public override bool IsConsumer(string role) => role == "watcher";

    public override IDisposable Prepare(string name) => SharedMemory.Create(name, 4096);

    public override void Run(string role, Work work)
    {
        using SharedMemory section = SharedMemory.Open(work.Name);
        if (role == "member")
            Join(section, work);
        else
            Watch(section, work);
    }

    private static void Join(SharedMemory section, Work work)
    {
        while (!work.IsEnding)
        {
            work.History.Begin(TetherCode.Join);
            using SharedMembership membership = section.Join();
            work.History.End(membership.Id);
            for (int i = work.Random.Next(50); i > 0; i--)
                work.Breathe();
            work.History.Begin(TetherCode.Leave, membership.Id);
            membership.Dispose();
            work.History.End();
            work.Breathe();
        }
    }

    private static void Watch(SharedMemory section, Work work)
    {
        while (!work.IsDraining)
        {
            foreach (SharedParticipant participant in section.Participants())
            {
                if (!participant.TryWatch(out SharedTether? tether))
                    continue;
                using (tether)
                {
                    for (int looks = work.Random.Next(1, 4); looks > 0; looks--)
                    {
                        work.History.Begin(TetherCode.Watch, participant.Id);
                        // Sometimes until it is gone: nobody stays that long.
                        WaitResult result = tether.Wait(work.Random.Next(8) switch { 0 => TimeSpan.FromSeconds(20), < 3 => TimeSpan.Zero, _ => work.UpTo(40) });
                        work.History.End((long)result);
                    }
                }
            }
            work.Breathe();
        }
    }

    public override IEnumerable<Rule> Rules => [TetherRules.EndsAreTold];

    public override string Describe(Operation operation) => Describe<TetherCode>(operation, id => $"{id:x}", r => operation.Code == (int)TetherCode.Watch ? $"{(WaitResult)r}" : $"{r:x}");
}
