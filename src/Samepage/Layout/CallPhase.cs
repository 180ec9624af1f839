namespace Samepage.Layout;

/// <summary>Where a call stands; how it comes there: <see cref="CallState"/>.</summary>
internal enum CallPhase
{
    /// <summary>The client may ask here.</summary>
    Free,

    /// <summary>The request is there, for any server.</summary>
    Waiting,

    /// <summary>A server has it. Its answers, if there are several, come one by one.</summary>
    Taken,

    /// <summary>All answers are there.</summary>
    Answered,

    /// <summary>The server could not answer, and has said why.</summary>
    Failed,

    /// <summary>The client does not want it any more, and the server still has it.</summary>
    Cancelled,

    /// <summary>The server died over it.</summary>
    Died,

    /// <summary>The server stopped serving over it.</summary>
    Left,
}
