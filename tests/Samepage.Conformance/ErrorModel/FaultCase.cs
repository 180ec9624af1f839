namespace Samepage.Conformance.ErrorModel;

/// <summary>One row of the table: a fault, and what it must come to on every system.</summary>
/// <param name="Title">The behaviour's number, and what is done.</param>
/// <param name="Expected">What comes of it.</param>
/// <param name="Provoke">Prepares the scene; the action that it gives back is the fault.</param>
internal sealed record FaultCase(string Title, Outcome Expected, Func<FaultScene, Action> Provoke)
{
    /// <summary>What comes of it on Windows, where that is something else.</summary>
    public Outcome? OnWindows { get; init; }

    /// <summary>What comes of it on Linux, where that is something else.</summary>
    public Outcome? OnLinux { get; init; }

    /// <summary>Why Wine, the stand-in for Windows, cannot show it.</summary>
    public string? UnseenUnderWine { get; init; }

    /// <summary>Why the systems differ; null: they must not.</summary>
    public string? Because { get; init; }

    public Outcome ExpectedHere => (OperatingSystem.IsWindows() ? OnWindows : OnLinux) ?? Expected;
}
