namespace Samepage;

/// <summary>How much a <see cref="Finding"/> matters.</summary>
public enum FindingSeverity
{
    /// <summary>As it should be.</summary>
    Fine,

    /// <summary>Works, with a limit worth knowing.</summary>
    Warning,

    /// <summary>Something will not work.</summary>
    Problem,
}

/// <summary>One thing that was looked at on this machine: room, kernel features, limits, permissions.</summary>
/// <param name="Subject">What was looked at.</param>
/// <param name="Severity">How it stands.</param>
/// <param name="Observation">What was seen.</param>
/// <param name="Remedy">What to do about it, where something should be done.</param>
public readonly record struct Finding(string Subject, FindingSeverity Severity, string Observation, string? Remedy);
