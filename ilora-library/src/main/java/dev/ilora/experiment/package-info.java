/**
 * Executes a recipe into a run folder.
 *
 * <p>A {@link dev.ilora.experiment.Recipe} names the method, the data and every setting. {@link
 * dev.ilora.experiment.Workspace} keeps what several runs share (candidates, recommenders, the base
 * model), each made once and identified by the settings it was made from; {@link
 * dev.ilora.experiment.Experiment} trains and evaluates one run; {@link dev.ilora.study.Study} runs
 * several recipes and seeds on the same rows and puts them in one table. Everything resumes: what
 * is finished is kept, what was interrupted goes on.
 */
package dev.ilora.experiment;
