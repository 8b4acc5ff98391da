using System.CommandLine;

namespace UnbindPortal.Trust.Hosting;

/// <summary>A verb of the command line, brought by the feature it belongs to. It runs in a process of its own while no server works on the data folder.</summary>
public interface IPortalCommand
{
    /// <summary>The verb with its arguments and action.</summary>
    Command Build();
}

/// <summary>Something a feature does once the database is open and before the server listens.</summary>
public interface IStartupStep
{
    /// <summary>Does it.</summary>
    Task RunAsync(CancellationToken cancel);
}
