using Samepage.Torture.Histories;

namespace Samepage.Torture.Checking;

/// <summary>What holds of a name: while anyone has its object, it means that one; when nobody has, the object is gone.</summary>
internal static class LifeRules
{
    public static Rule OneAtATime { get; } = new("a name means one object", CheckOne, Unit);

    public static Rule GoneWithTheLast { get; } = new("gone with the last", CheckGone, _ => Rule.Kept);

    private static long Unit(Operation operation) => operation.Code == (int)LifeCode.Open ? operation.Result : operation.Argument;

    private static string? CheckOne(History history)
    {
        Life? longest = null;
        foreach (Life life in Lives(history).OrderBy(l => l.From))
        {
            if (longest is not null && life.From < longest.To && life.Mark != longest.Mark)
                return $"{longest.Actor} had {longest.Mark:x} from {longest.From} to {longest.To}, and {life.Actor} found {life.Mark:x} by the same name at {life.From}";
            if (longest is null || life.To > longest.To)
                longest = life;
        }
        return null;
    }

    private static string? CheckGone(History history)
    {
        (long Begin, long Gone)[] unknown = [.. history.Operations.Where(o => o.IsPending && o.Code == (int)LifeCode.Open).Select(o => (o.Begin, history.Actors[o.Actor].Gone))];
        foreach (IGrouping<long, Life> lives in Lives(history).GroupBy(l => l.Mark))
        {
            long until = long.MaxValue;
            foreach (Life life in lives.OrderBy(l => l.Earliest))
            {
                // Who was killed while it opened may have kept it in between.
                if (life.Earliest > until && !unknown.Any(u => u.Begin < life.Earliest && u.Gone > until))
                    return $"{life.Actor} found {life.Mark:x} at {life.Earliest}, which nobody had after {until}";
                until = until == long.MaxValue ? life.Latest : Math.Max(until, life.Latest);
            }
        }
        return null;
    }

    private static List<Life> Lives(History history)
    {
        var lives = new List<Life>();
        var open = new Dictionary<int, Operation>();
        foreach (Operation operation in history.Operations)
        {
            if (operation.Code == (int)LifeCode.Open && !operation.IsPending)
                open[operation.Actor] = operation;
            else if (operation.Code == (int)LifeCode.Close && open.Remove(operation.Actor, out Operation opened))
                lives.Add(new Life(operation.Actor, opened.Result, opened.Begin, opened.End, operation.Begin, operation.IsPending ? history.Actors[operation.Actor].Gone : operation.End));
        }
        lives.AddRange(open.Values.Select(o => new Life(o.Actor, o.Result, o.Begin, o.End, history.Actors[o.Actor].KillBegan, history.Actors[o.Actor].Gone)));
        return lives;
    }

    /// <summary>That an actor had an object: certainly between the inner times, and not outside of the outer ones.</summary>
    private sealed record Life(int Actor, long Mark, long Earliest, long From, long To, long Latest);
}
