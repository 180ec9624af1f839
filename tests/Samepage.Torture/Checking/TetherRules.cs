using Samepage.Torture.Histories;

namespace Samepage.Torture.Checking;

/// <summary>What holds of tethers: who left is told to have left, who died to have died, and who is there not to be gone.</summary>
internal static class TetherRules
{
    // The news comes by a thread of the watching process, which may be stopped.
    private static readonly long _bound = TimeSpan.FromSeconds(10).Ticks * TimeSpan.NanosecondsPerTick;

    public static Rule EndsAreTold { get; } = new("the end of a participant", Check, o => o.Code == (int)TetherCode.Join ? o.Result : o.Argument);

    private static string? Check(History history)
    {
        Dictionary<long, Operation> joins = history.Operations.Where(o => o.Code == (int)TetherCode.Join && !o.IsPending).ToDictionary(o => o.Result);
        Dictionary<long, Operation> leaves = history.Operations.Where(o => o.Code == (int)TetherCode.Leave).ToDictionary(o => o.Argument);
        foreach (Operation watch in history.Operations.Where(o => o.Code == (int)TetherCode.Watch && !o.IsPending))
        {
            // Of who was killed while it joined, nobody knows the id.
            if (!joins.TryGetValue(watch.Argument, out Operation join))
                continue;
            Actor actor = history.Actors[join.Actor];
            Operation? leave = leaves.TryGetValue(watch.Argument, out Operation found) ? found : null;
            bool left = leave is { IsPending: false };
            string? wrong = (WaitResult)watch.Result switch
            {
                WaitResult.Abandoned when left || actor.KillBegan > watch.End => "had not died",
                WaitResult.Signaled when leave is null || leave.Value.Begin > watch.End => "had not left",
                WaitResult.TimedOut when watch.End - Math.Max(watch.Begin, left ? leave!.Value.End : actor.Gone) > _bound => "had gone long before",
                _ => null,
            };
            if (wrong is not null)
                return $"{watch.Actor} was told {(WaitResult)watch.Result} of {watch.Argument:x}, and that one ({actor.Id}) {wrong}";
        }
        return null;
    }
}
