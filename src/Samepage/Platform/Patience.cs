namespace Samepage.Platform;

/// <summary>How long one waits for who holds what is only ever held for some steps: for ever, since nothing tells who was stopped from who was made up by a stranger.</summary>
internal static class Patience
{
    /// <summary>Less for who writes such names himself, and wants to tell a wait from a hang.</summary>
    public static TimeSpan OfSteps { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>What to say of it.</summary>
    public static string Exhausted(string held, int thread) =>
        $"{held} has been held for {OfSteps.TotalSeconds:0.##} s, in the name of thread {thread}, and is only ever held for some steps; that thread is stopped, or a stranger wrote its name there";
}
