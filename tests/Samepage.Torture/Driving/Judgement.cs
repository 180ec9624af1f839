using Samepage.Torture.Checking;
using Samepage.Torture.Histories;
using Samepage.Torture.Kinds;

namespace Samepage.Torture.Driving;

/// <summary>Which rules of its kind a history breaks, each with the shortest history that still does.</summary>
internal static class Judgement
{
    private const int MostLines = 80;

    public static IEnumerable<Failure> Of(Kind kind, History history)
    {
        foreach (Rule rule in kind.Rules)
        {
            if (rule.Check(history) is null)
                continue;
            History least = Shrinking.Shrink(history, rule);
            if (rule.SmallerUnit is { } smaller)
                least = Shrinking.Shrink(least, rule with { Unit = smaller });
            yield return new Failure(kind.Name, rule.Name, rule.Check(least)!, [.. Lines(kind, least)]);
        }
    }

    private static IEnumerable<string> Lines(Kind kind, History history)
    {
        foreach (Operation operation in history.Operations.OrderBy(o => o.Begin).Take(MostLines))
        {
            Actor actor = history.Actors[operation.Actor];
            string end = operation.IsPending ? "" : $"{operation.End}", death = actor.WasKilled ? $"; killed {actor.KillBegan} to {actor.Gone}" : "";
            yield return $"{operation.Begin} - {end,-16} {actor.Role} {actor.Id}: {kind.Describe(operation)}{death}";
        }
        if (history.Operations.Count > MostLines)
            yield return $"and {history.Operations.Count - MostLines} more";
    }
}
