namespace Samepage.Torture.Histories;

/// <summary>Who has a history: a role in a process, or the driver itself.</summary>
internal sealed record Actor(int Id, string Role)
{
    /// <summary>Until then it certainly lived, if it was killed.</summary>
    public long KillBegan { get; set; } = Operation.Never;

    /// <summary>From then on it was certainly gone, if it was killed.</summary>
    public long Gone { get; set; } = Operation.Never;

    public bool WasKilled => KillBegan != Operation.Never;
}
