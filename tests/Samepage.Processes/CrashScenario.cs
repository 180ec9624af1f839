namespace Samepage.Processes;

/// <summary>One operation, and what must hold for the others after the process that was at it died at a given point.</summary>
/// <param name="Name">The operation.</param>
/// <param name="Points">The crash points that it passes.</param>
/// <param name="Run">Makes a peer die at the point it is given and checks the survivors; every name it uses is its argument's own.</param>
internal sealed record CrashScenario(string Name, string[] Points, Action<string, string> Run);
