namespace Samepage.Torture.Driving;

/// <summary>Of objects that nobody holds any more nothing is left.</summary>
internal static class Leftovers
{
    public static IEnumerable<Failure> Check()
    {
        _ = SharedObjects.RemoveOrphans();
        string[] left = [.. SharedObjects.List().Select(o => $"{o.Kind} {o.Name}"), .. Root.ObjectFiles()];
        return left.Length == 0 ? [] : [new Failure("all", "nothing is left of the dead", $"{left.Length} are left", left)];
    }
}
