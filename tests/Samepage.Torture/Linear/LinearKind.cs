using Samepage.Torture.Checking;
using Samepage.Torture.Histories;
using Samepage.Torture.Kinds;
using Samepage.Torture.Working;

namespace Samepage.Torture.Linear;

/// <summary>Short rounds of few operations by a few processes, each with a new object, of which an order is searched.</summary>
internal sealed class LinearKind<TState>(string name, Model<TState> model, Func<string, IDisposable> create, Func<string, Work, int, int, Player> play)
    : Kind("linear-" + name) where TState : IEquatable<TState>
{
    private const int MostSteps = 10;

    public override IReadOnlyList<string> Roles { get; } = ["player", "player", "player", "player"];

    public override IDisposable Prepare(string name) => new Objects([.. Enumerable.Range(0, Rounds.Count).Select(round => create(NameOf(name, round)))]);

    public override void Run(string role, Work work)
    {
        using var rounds = new Rounds(Path.Combine(work.Directory, Name + ".rounds"));
        for (int round = rounds.First(); round < Rounds.Count && !work.IsEnding; round++)
        {
            using Player player = play(NameOf(work.Name, round), work, round, rounds.Arrive(round));
            for (int left = work.Random.Next(5, MostSteps + 1); left > 0; left--)
            {
                player.Step();
                if (work.Chance(4))
                    Thread.SpinWait(work.Random.Next(200));
            }
            player.End();
        }
    }

    public override IEnumerable<Rule> Rules => [LinearRule.Of(model)];

    public override string Describe(Operation operation) =>
        $"round {Player.RoundOf(operation.Code)}: {Describe<LinearCode>(operation with { Code = (int)Player.CodeOf(operation.Code) })}";

    private static string NameOf(string name, int round) => $"{name}-{round}";

    private sealed class Objects(IDisposable[] all) : IDisposable
    {
        public void Dispose() => Array.ForEach(all, o => o.Dispose());
    }
}
